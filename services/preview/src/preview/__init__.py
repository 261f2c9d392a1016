import os

# ONNX Runtime reads this when it is loaded; without it, it keeps a device id at home and reports usage.
os.environ["ORT_DISABLE_TELEMETRY"] = "1"
