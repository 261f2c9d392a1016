"""Scale, areas and sizes of rooms: pure functions of outlines, words and the page's size."""
