"""The list and the detail of meetings with Django REST framework, as its documentation has it."""
