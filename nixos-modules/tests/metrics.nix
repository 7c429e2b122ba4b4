# Prometheus reads the metrics from a port of their own.
{ ... }:
{
  name = "harmonia-metrics";

  nodes.machine = {
    imports = [ ../. ];
    services.harmonia-dev.cache = {
      enable = true;
      metrics = {
        bind = "127.0.0.1:5001";
        scrape = true;
      };
    };
    services.prometheus = {
      enable = true;
      globalConfig.scrape_interval = "1s";
    };
  };

  testScript = ''
    machine.wait_for_unit("harmonia-dev.service")
    machine.wait_for_unit("prometheus.service")
    machine.wait_until_succeeds("curl --fail http://127.0.0.1:5001/metrics | grep '^harmonia_http_requests_total'")
    machine.fail("curl --fail http://127.0.0.1:5001/nix-cache-info")
    query = "http://localhost:9090/api/v1/query?query=up%7Bjob%3D%22harmonia-dev%22%7D"
    machine.wait_until_succeeds(f"curl --fail '{query}' | grep '\"1\"'")
  '';
}
