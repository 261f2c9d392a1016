"""A Textract-compatible endpoint that really reads the page: ``AnalyzeDocument`` over AWS JSON 1.1."""
