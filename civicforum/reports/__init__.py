"""Reports of vote-buying and other wrongdoing, sealed for an authority outside the community (adr 0012)."""
