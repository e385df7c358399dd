"""Use cases of service ratings: the station's page, slips, rating, bad grades, rulings, publications."""
