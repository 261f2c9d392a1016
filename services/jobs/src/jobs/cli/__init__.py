"""Commands of ``flask``, for operators and schedules."""
