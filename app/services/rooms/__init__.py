"""The rooms of the desk (`app.services.desk`): one for each thing that the window asks of a library."""
