"""Reading a list of residents: file -> rows -> columns -> a decision for each row -> all written, or none."""
