"""The pages: what people see and send with a browser, also one without JavaScript.

One module per group of pages. They call the functions of the API's routes and never the
API over HTTP; rules, SQL and the words of the domain stand elsewhere.
"""
