# For `flask run` in this folder against a running `make run`, whose own .env wins over this file
FLASK_APP=wsgi.py
FLASK_RUN_PORT=5001
ENVIRONMENT=dev
AWS_REGION=us-east-1
AWS_ACCESS_KEY_ID=local
AWS_SECRET_ACCESS_KEY=local
AWS_ENDPOINT_URL=http://127.0.0.1:4566
API_KEYS_SECRET=location-detection/dev/api/keys
INTERNAL_TOKEN_SECRET=location-detection/dev/internal/token
PARAMETERS_PATH=/location-detection/dev
RATE_LIMITS_TABLE=location-detection-dev-rate-limits
JOBS_TABLE=location-detection-dev-jobs
UPLOADS_TABLE=location-detection-dev-uploads
IDEMPOTENCY_TABLE=location-detection-dev-idempotency
FEEDBACK_TABLE=location-detection-dev-feedback
BLUEPRINTS_BUCKET=location-detection-dev-blueprints
PREVIEW_URL=http://127.0.0.1:5002
