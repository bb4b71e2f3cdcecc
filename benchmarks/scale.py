"""How far a small sample of the city bends the headline effects: `python -m benchmarks.scale`.

The rules are curved and small cities are lumpy, so the effect of sharing measured in a 5% city is not exactly that of
the whole city. Every scale gets enough pairs that the number of simulated residents is about the same; the bias is
the difference to the whole city, and its interval comes from both standard errors.
"""

import argparse

import numpy as np

from experiments import compare

SCALES = (0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1.0)
OUTCOMES = (
    "reporting_rate.immigrant_communities",
    "solve_rate.immigrant_communities",
    "victimization_rate.immigrant_communities",
    "dread.immigrant_communities",
    "belief.immigrant_communities",
    "fear.immigrant_communities",
)


def effects_at(scale: float, pairs: int, a: str, b: str, place: str) -> dict[str, tuple[float, float]]:
    """Return the effect of world A relative to world B and its standard error, by outcome."""
    comparison = compare(a, b, seeds=pairs, overrides={"scale": scale, "place": place}, progress=False)
    frame = comparison.effects.set_index(["outcome", "group"])
    rows = {key: frame.loc[tuple(key.split("."))] for key in OUTCOMES}
    return {key: (float(row["effect"]), float(row["standard_error"])) for key, row in rows.items()}


def main() -> None:
    """Print effects by scale, and the bias against the whole city, as Markdown."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--pairs", type=int, default=20, help="pairs of worlds at scale 1")
    parser.add_argument("--scenarios", nargs=2, default=("agreement-2008-terms", "no-sharing-ever"))
    parser.add_argument("--place", default="philadelphia", help="name of a place that ships, or path of a place file")
    parser.add_argument("--scales", nargs="+", type=float, default=SCALES, help="scales beside 1")
    options = parser.parse_args()
    a, b = options.scenarios
    scales = sorted({*options.scales, 1.0})
    found = {s: effects_at(s, min(1000, round(options.pairs / s)), a, b, options.place) for s in scales}
    print(f"Effect of {a} relative to {b}: mean ± standard error (bias as a share of the whole city's effect)\n")
    print("| outcome | " + " | ".join(f"{s:g}" for s in scales) + " |")
    print("|---|" + "---|" * len(scales))
    for key in OUTCOMES:
        whole = found[1.0][key][0]
        cells = [
            f"{effect:+.4f} ± {error:.4f} ({100 * (effect - whole) / whole:+.0f}%)" if np.isfinite(effect) else "-"
            for effect, error in (found[s][key] for s in scales)
        ]
        print(f"| {key} | " + " | ".join(cells) + " |")


if __name__ == "__main__":
    main()
