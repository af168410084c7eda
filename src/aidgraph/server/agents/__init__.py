"""The Model Context Protocol: the questions, their evidence, things and SPARQL as tools of agents.

Five tools, not one for each question: a hundred descriptions would fill a model's context before
it has asked anything. `find_questions` gives the few that fit a sentence, each with the JSON
Schema of its parameters; `ask_question` takes them. A tool is done by the same workers, under the
same limits and with the same words as a route of the server.
"""
