"""From the page to the lines of the plan: ink, skew, sheet border, text removal."""
