"""What the file says about a thing: documents and screens ask here, by what they mean.

Each function answers one question, such as who hears first when the site goes down. Which item
of the checklist holds the answer is known here and in `checklists/`, and nowhere else.
"""
