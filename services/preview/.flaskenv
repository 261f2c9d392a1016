# For `flask run` in this folder against a running `make run`, whose own .env wins over this file
FLASK_APP=wsgi.py
FLASK_RUN_PORT=5002
ENVIRONMENT=dev
AWS_REGION=us-east-1
AWS_ACCESS_KEY_ID=local
AWS_SECRET_ACCESS_KEY=local
AWS_ENDPOINT_URL=http://127.0.0.1:4566
AWS_ENDPOINT_URL_TEXTRACT=http://127.0.0.1:4567
API_KEYS_SECRET=location-detection/dev/api/keys
INTERNAL_TOKEN_SECRET=location-detection/dev/internal/token
PARAMETERS_PATH=/location-detection/dev
RATE_LIMITS_TABLE=location-detection-dev-rate-limits
PREVIEW_CACHE_TABLE=location-detection-dev-preview-cache
PREVIEW_PAGES_QUEUE=location-detection-dev-preview-pages
BLUEPRINTS_BUCKET=location-detection-dev-blueprints
CACHE_BUCKET=location-detection-dev-cache
JOBS_URL=http://127.0.0.1:5001
