# Which bucket is a matter of the account: the rest comes from -backend-config (see bootstrap/, which makes the bucket).
terraform {
  backend "s3" {
    use_lockfile = true
    encrypt      = true
  }
}
