"""What the city and advocates say about sharing, and how far it is believed (MODEL.md 5.6, ODD 4.1 and 4.7)."""

from ..compilation import rule

DAYS_PER_MONTH = 30.0


@rule
def told(belief, message, heard):
    """Return perceived sharing after a message, of which a share of the community is convinced.

    `belief + heard * (message - belief)`: up or down, toward what is said (MODEL.md 5.6, ODD 4.1 and 4.7).

    Parameters
    ----------
    belief : float
        Perceived sharing, 0 to 1.
    message : float
        The share of contacts with police that is said to be visible to the immigration agency, 0 to 1.
    heard : float
        Share of the community that hears and believes it, 0 to 1; 0 switches the mechanism off.

    Returns
    -------
    float
        Between belief and message.
    """
    return belief + heard * (message - belief)


@rule
def outreach_message(accuracy, actual, slant):
    """Return what advocates say about sharing.

    `outreach_accuracy * actual[c] + (1 - outreach_accuracy) * outreach_slant` (ODD 4.7, step 5).

    Parameters
    ----------
    accuracy : float
        How far it is true, 0 to 1.
    actual : float
        Actual sharing of the community, 0 to 1.
    slant : float
        What is said where it is not true: 1 that everything is shared, 0 that nothing is.

    Returns
    -------
    float
        0 to 1.
    """
    return accuracy * actual + (1.0 - accuracy) * slant


@rule
def convinced_in_a_day(reach, effect):
    """Return the share of a community that outreach convinces in a day.

    `1 - (1 - outreach_effect * outreach_reach) ** (1 / 30)` (ODD 4.7, step 5).

    Parameters
    ----------
    reach : float
        Share of the community reached per month, 0 to 1.
    effect : float
        Share of those reached who believe it, 0 to 1.

    Returns
    -------
    float
        0 to 1; 0 without outreach.
    """
    return 1.0 - (1.0 - effect * reach) ** (1.0 / DAYS_PER_MONTH)
