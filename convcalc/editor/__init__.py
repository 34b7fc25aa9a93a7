"""The language server: what an editor asks about the text of a spec while it is typed.

Everything here is an answer about one `Reading` of a text, in plain records with the places of
findings (lines and columns from 1); `server` alone knows the protocol and imports pygls.
"""
