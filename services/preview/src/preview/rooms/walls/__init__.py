"""From lines to areas: wall hypotheses, openings, enclosed areas."""
