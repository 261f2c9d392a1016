"""Which of the overlapping candidates are rooms, and rooms nested in others."""
