"""Graph to picture: sketch, DOT, places, SVG, theme."""
