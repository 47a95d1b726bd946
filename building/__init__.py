"""How the program that curators get is made and tried; see docs/building.md. Nothing here ships."""
