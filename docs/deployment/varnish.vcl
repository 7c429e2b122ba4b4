# Varnish before several harmonia-caches: /etc/varnish/default.vcl. Put nginx or hitch before it for TLS.
# Replace the backends. Described in docs/deployment.md.
vcl 4.1;

import directors;

probe health {
    .url = "/health";
    .interval = 2s;
    .timeout = 2s;
}

backend cache_1 {
    .path = "/run/harmonia/http.sock";
    .probe = health;
    .first_byte_timeout = 60s;
    .between_bytes_timeout = 60s;
}

backend cache_2 {
    .host = "cache-2.example.org";
    .port = "5000";
    .probe = health;
    .first_byte_timeout = 60s;
    .between_bytes_timeout = 60s;
}

sub vcl_init {
    new caches = directors.shard();
    caches.add_backend(cache_1);
    caches.add_backend(cache_2);
    caches.reconfigure();
}

sub vcl_recv {
    if (req.url == "/metrics") {
        return (synth(404));
    }
    if (req.method != "GET" && req.method != "HEAD") {
        return (pass);
    }
    # The answers of a private cache are nobody else's.
    if (req.http.Authorization) {
        return (pass);
    }
    # NARs are large and come from the caches' memory and disks; ranges are for clients that resume.
    if (req.url ~ "^/nar/" || req.http.Range) {
        return (pass);
    }
    return (hash);
}

sub vcl_backend_fetch {
    # The narinfo, the listing and the NAR of a path go to the same cache, which has it in memory.
    set bereq.backend = caches.backend(by=KEY, key=caches.key(regsub(bereq.url, "^/(nar/|serve/)?([0-9a-z]{32}).*", "\2")), alt=bereq.retries);
}

sub vcl_backend_response {
    # harmonia-cache compresses what is worth it. What Varnish compresses or unpacks can't be resumed.
    set beresp.do_gzip = false;
    set beresp.do_gunzip = false;
    if (beresp.status == 503 && bereq.retries < 2) {
        return (retry);
    }
    if (bereq.uncacheable) {
        set beresp.do_stream = true;
        return (deliver);
    }
    if (beresp.status == 200 && bereq.url ~ "\.narinfo$") {
        set beresp.ttl = 10m;
        set beresp.grace = 1h;
    } else if (beresp.status == 404) {
        # A path may be added at any time.
        set beresp.ttl = 10s;
        set beresp.grace = 0s;
    } else {
        set beresp.uncacheable = true;
        set beresp.ttl = 10s;
    }
}

sub vcl_backend_error {
    # Until the probe has noticed that a cache is away, another one is asked.
    if (bereq.retries < 2) {
        return (retry);
    }
}
