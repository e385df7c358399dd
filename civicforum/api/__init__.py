"""Open data: what an unsigned visitor can read on the pages, as JSON, exports, feeds and a calendar.

`shapes` says how each thing looks, `kinds` where it is read, and both the answers and the OpenAPI document
are made from them.
"""
