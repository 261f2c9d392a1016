"""From areas to regions: outlines and evidence."""
