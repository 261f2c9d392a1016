"""What keeps previews inside the threads and cores of a worker.

call_executor    calls to the outside, left behind when they hang
bulkhead         callers of a worker who may wait at once
compute_slots    computations of a worker at once
"""
