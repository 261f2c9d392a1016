"""The floor network, and the areas that it adds."""
