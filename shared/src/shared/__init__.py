"""Code that both services use; it knows nothing of jobs or previews."""
