"""The parts of a dossier, one module per subject; every part says what there is not."""
