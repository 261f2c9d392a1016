"""What keeps work inside the caller's time, the worker's threads and its cores."""
