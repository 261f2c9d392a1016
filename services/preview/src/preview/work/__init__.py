"""How a preview gets made, in the order of its making.

cached_previews   one preview for all who ask for the same: stored, or computed once under a lease
pipeline          one page, from the stored file to named rooms
downloads         the file on disk while it is worked on
keeping           what was found goes to the bucket, the job's state and the cache
job_progress      the job's state moves along
pictures          the page with its rooms, drawn beside previews
erasing           nothing is left of a job that was erased meanwhile
shared_cache      the cache as the rest uses it: away is as good as empty

time_box, callers, turns and background keep all of it inside the caller's time, the worker's threads and
its cores.
"""
