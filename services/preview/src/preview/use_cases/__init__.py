"""How a preview gets made, in the order of its making.

get_preview          one preview for all who ask for the same: stored, or computed once under a lease
analyse_page         one page, from the stored file to named rooms
download_blueprint   the file on disk while it is worked on
write_result         what was found goes to the bucket, the job's state and the cache
job_progress         the job's state moves along
draw_picture         the page with its rooms, drawn beside previews
erase_results        nothing is left of a job that was erased meanwhile
fail_open_cache      the cache as the rest uses it: away is as good as empty
"""
