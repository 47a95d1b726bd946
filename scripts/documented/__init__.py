"""How the commands of README and guide are run: which by what (`classes`), and where (`sandbox`)."""
