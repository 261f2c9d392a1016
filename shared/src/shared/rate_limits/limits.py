"""Which requests share a bucket: those of a key, of an address without a valid key, and of all keys."""

from ipaddress import IPv6Address, ip_address

from shared.parameter_store import Parameter, ParameterStore
from shared.rate_limits.bucket import Limit, Verdict
from shared.rate_limits.daily import PAGES_PER_DAY
from shared.rate_limits.limiter import RateLimiter
from shared.validators import WholeNumber

_BOUNDS = WholeNumber(1, 600_000)
PER_MINUTE = Parameter(
    "api/rate_limit_per_minute",
    _BOUNDS,
    600,
    "rate limit of a key, and of an address for requests without a valid key",
)
SERVICE_PER_MINUTE = Parameter(
    "api/service_rate_limit_per_minute",
    _BOUNDS,
    60_000,
    "rate limit of all keys together; the limit of one key should be far lower",
)
PARAMETERS = (PER_MINUTE, SERVICE_PER_MINUTE, PAGES_PER_DAY)

_BURST = 100
_SERVICE_BURST = 1_000


class RateLimits:
    """The limits of the API; ``parameters`` has `PARAMETERS`.

    Keys and addresses have a limiter each: anybody can send from ever new addresses, and their syncs must not
    delay those of keys.
    """

    def __init__(self, keys: RateLimiter, addresses: RateLimiter, parameters: ParameterStore) -> None:
        self._keys = keys
        self._addresses = addresses
        self._parameters = parameters

    def take_for_key(self, key_id: str) -> Verdict:
        """Count a request with a valid key; one over the key's own limit does not count for the service."""
        verdict = self._take(self._keys, "key", key_id)
        if verdict.allowed:
            limit = Limit("service", self._parameters.get(SERVICE_PER_MINUTE.name, int), _SERVICE_BURST)
            of_service = self._keys.take(_bucket_key(limit, "all"), limit)
            if not of_service.allowed:
                return of_service
        return verdict

    def take_for_address(self, address: str) -> Verdict:
        """Count a request without a valid key; it takes nothing from the buckets of keys."""
        return self._take(self._addresses, "address", rate_limit_key(address))

    def _take(self, limiter: RateLimiter, name: str, whose: str) -> Verdict:
        limit = Limit(name, self._parameters.get(PER_MINUTE.name, int), _BURST)
        return limiter.take(_bucket_key(limit, whose), limit)


def _bucket_key(limit: Limit, whose: str) -> str:
    """Includes the rate: a bucket emptied at a slow rate must not refuse requests at a new, higher one."""
    return f"{limit.name}/{limit.per_minute}/{whose}"


def rate_limit_key(address: str) -> str:
    """The rate-limit key of an address: IPv4 itself, or the /64 network of an IPv6 subscriber (RFC 6177)."""
    try:
        ip = ip_address(address)
    except ValueError:
        return address
    if not isinstance(ip, IPv6Address):
        return str(ip)
    return str(ip.ipv4_mapped or f"{IPv6Address(int(ip) >> 64 << 64)}/64")
