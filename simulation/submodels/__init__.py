"""The rules of the model, one file for each section of MODEL.md 5: pure rules first, then the loop over a day.

A *rule* (decorated with `rule`) is a pure function of a few numbers that Python can call too. A *kernel* (decorated
with `kernel`) loops over the events of one day and changes the columns in place; only compiled code calls it. "ODD"
is docs/odd.md, which states the model exactly. In all rules a probability or share lies in [0, 1], a uniform number
`u` in [0, 1) is the keyed draw of the stream named, and codes are positions in the lists of `simulation.vocabulary`.

Kernels share these arguments, which their docstrings do not repeat. N residents, C communities, T days.

Arguments of kernels
--------------------
day : int
    The day that is simulated, counted from the scenario's start.
seed : int
    Root of the keyed random numbers.
who, occasion : int
    Identity of the crime or other arrest that keys the draws: the person of the candidate, and the candidate's number.
rules : RULES record
    Every number that a rule reads, solved constants and parameters; read only.
policy : POLICY record
    Agreement, detainer rule, priorities and capacity in force today; read only.
people : People
    Households, districts, ties and the owners of offending weight; read only.
districts : Districts
    Crime rates of districts; open cases and today's load of divisions.
residents : RESIDENT records, shape (N,)
    All about the residents; a row is one resident.
communities : COMMUNITY records, shape (C,)
    Belief, surge, expected enforcement and what offenders have learned.
candidates : Candidates
    Candidate crimes and other arrests of the year block, by day.
due : Due
    What falls due on a later day: removals, newcomers, convictions, arrests, transfers, leads, records.
leads : Leads
    The immigration agency's stack of leads from police data.
today : Today
    What has happened so far today, and scratch to sort; the next day overwrites it.
counts : COUNTS records, shape (T + 1,)
    What is counted, a record a day.
snapshots : Snapshots
    State of the communities at the collection interval.
survey : Survey
    The victimization survey: its sample's memory, and what its waves have found.
"""
