"""How likely each region is a room: heuristic score, features, learned scorer."""
