"""Commands of ``flask``, for workers and operators."""
