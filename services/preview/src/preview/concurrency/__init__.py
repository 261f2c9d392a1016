"""What keeps a preview inside the caller's time, the worker's threads and its cores.

deadlines        the time that is left for the work in progress
call_executor    calls to the outside, left behind when they hang
bulkhead         callers of a worker who may wait at once
compute_slots    computations of a worker at once
"""
