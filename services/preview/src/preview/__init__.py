import os

# ONNX Runtime reads this when it is loaded; otherwise it keeps a device id in the home folder and reports usage.
os.environ["ORT_DISABLE_TELEMETRY"] = "1"
