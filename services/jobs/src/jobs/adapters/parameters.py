"""What operators change at run time, in Parameter Store."""

from shared.config import Parameter

PARAMETERS = (Parameter("jobs/url_input_enabled", "bool", False),)
