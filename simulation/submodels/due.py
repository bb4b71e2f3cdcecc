"""Things that fall due on a later day: put on the calendar, taken off in the order of their identities.

ODD 4.1, 4.5, 4.6. All state is in `due`: a linked list for each kind and day over a pool of slots that are used again.
"""

import numpy as np
from numba import bool_, int32, int64, typeof, types, void

from ..compilation import kernel
from ..state import make_due

_DUE = typeof(make_due(1, 1))

# A sorting key is row, generation and occasion in one number.
_ROW, _GENERATION = np.int64(2**32), np.int64(2**24)


@kernel(void(_DUE, int64, int64, int64, int64, int64, int64, int64, bool_))
def put_due(due, kind, day, row, generation, who, occasion, code, flag):
    """Put one thing on the calendar.

    Changes `due`; the arguments from `row` on are the fields of a `DUE` record. What falls due after the run's last day
    is left out. The caller has made sure of a free slot (`simulation.schedule.room_needed`).
    """
    if day >= due.head.shape[1]:
        return
    due.n_free[0] -= 1
    slot = due.free[due.n_free[0]]
    item = due.slot[slot]
    item.row = row
    item.generation = generation
    item.who = who
    item.occasion = occasion
    item.code = code
    item.flag = flag
    item.next = due.head[kind, day]
    due.head[kind, day] = slot


@kernel(int64(_DUE, int64, int64))
def count_due(due, kind, day):
    """Count the things of one kind that fall due on one day; changes nothing."""
    n = 0
    slot = due.head[kind, day]
    while slot >= 0:
        n += 1
        slot = due.slot[slot].next
    return n


@kernel(int64(_DUE, int64, int64, bool_, types.Array(int32, 1, "C"), types.Array(int64, 1, "C")))
def take_due(due, kind, day, by_occasion, slots, keys):
    """Take everything of one kind that falls due on a day off the calendar, sorted; return how many.

    Sorted by the identity of the crime that led to it (row, generation, occasion) if `by_occasion`, else by the
    person's row and the code, which for leads and transfers is the channel (ODD 4.5, 4.6). Fills `slots` and `keys`.
    The slots are still taken: the caller reads each, and then frees it (`free_slot`).
    """
    n = 0
    slot = due.head[kind, day]
    while slot >= 0:
        item = due.slot[slot]
        if by_occasion:
            key = (item.who % _ROW) * _ROW + (item.who // _ROW) * _GENERATION + item.occasion
        else:
            key = item.row * _ROW + item.code
        position = n
        while position > 0 and keys[position - 1] > key:
            keys[position] = keys[position - 1]
            slots[position] = slots[position - 1]
            position -= 1
        keys[position] = key
        slots[position] = slot
        n += 1
        slot = item.next
    due.head[kind, day] = -1
    return n


@kernel(void(_DUE, int64))
def free_slot(due, slot):
    """Give a slot back for reuse; changes `due`."""
    due.free[due.n_free[0]] = slot
    due.n_free[0] += 1
