using System.Text.Json;
using System.Text.RegularExpressions;
using Harmonia.Cache.Http;
using Harmonia.Cache.Limits;
using Harmonia.Cache.Metrics;
using Harmonia.Tests.Support;
using NUnit.Framework;

namespace Harmonia.Tests.Cache.Metrics;

/// <summary>The Grafana dashboard and the list of metrics, against what is really exported.</summary>
public sealed class DashboardTests
{
    private static readonly TimeSpan RegexLimit = TimeSpan.FromSeconds(10);

    private readonly CacheMetrics _metrics = new(RoutePaths.All, new CacheStatistics(TimeProvider.System), "1.2.3");
    private string _text = null!;
    private JsonDocument _dashboard = null!;

    [OneTimeSetUp]
    public async Task ReadAsync()
    {
        MemoryMetrics.Add(_metrics.Registry, [new CacheUsage("paths", () => 1, () => 1, () => 1)]);
        SignatureMetrics.Add(_metrics.Registry, () => 1, () => 1);
        _text = await MetricSample.TextOfAsync(_metrics.Registry);
        _dashboard = JsonDocument.Parse(Repository.TextOf("Harmonia.Cache/harmonia-grafana-dashboard.json"));
    }

    [OneTimeTearDown]
    public void Close()
    {
        _dashboard.Dispose();
        _metrics.Dispose();
    }

    private IEnumerable<JsonElement> Panels => _dashboard.RootElement.GetProperty("panels").EnumerateArray();

    [Test]
    public void The_dashboard_is_the_one_that_users_have_links_to()
    {
        JsonElement root = _dashboard.RootElement;

        Assert.That(root.GetProperty("title").GetString(), Is.EqualTo("Harmonia Binary Cache"));
        Assert.That(root.GetProperty("uid").GetString(), Is.EqualTo("harmonia"));
        Assert.That(root.GetProperty("refresh").GetString(), Is.EqualTo("10s"));
        Assert.That(root.GetProperty("time").GetProperty("from").GetString(), Is.EqualTo("now-1h"));
        Assert.That(root.GetProperty("time").GetProperty("to").GetString(), Is.EqualTo("now"));
        Assert.That(root.GetProperty("schemaVersion").GetInt32(), Is.GreaterThanOrEqualTo(36));
        Assert.That(root.GetProperty("id").ValueKind, Is.EqualTo(JsonValueKind.Null), "Grafana gives the number");
        JsonElement variable = root.GetProperty("templating").GetProperty("list").EnumerateArray().Single();
        Assert.That(variable.GetProperty("type").GetString(), Is.EqualTo("datasource"));
        Assert.That(variable.GetProperty("query").GetString(), Is.EqualTo("prometheus"));
        Assert.That(variable.GetProperty("name").GetString(), Is.EqualTo("datasource"));
    }

    [TestCase("Request Rate by Path")]
    [TestCase("Response Status Distribution")]
    [TestCase("Request Duration Percentiles")]
    [TestCase("p99 Request Duration by Path")]
    [TestCase("Success Rate")]
    [TestCase("Total Request Rate")]
    [TestCase("Nix Daemon Connection Pool")]
    [TestCase("Connection Pool Status")]
    [TestCase("Connection Creation Rate")]
    [TestCase("Connection Acquire Duration")]
    [TestCase("Connection Error Rate")]
    [TestCase("Total Connections")]
    [TestCase("Connection Reuse Rate")]
    public void A_panel_of_harmonia_is_there(string title) =>
        Assert.That(Panels.Count(panel => panel.GetProperty("title").GetString() == title), Is.EqualTo(1));

    [Test]
    public void Panels_have_what_the_model_of_Grafana_requires_and_do_not_overlap()
    {
        HashSet<(int, int)> cells = new();
        HashSet<int> numbers = new();
        foreach (JsonElement panel in Panels)
        {
            string title = panel.GetProperty("title").GetString()!;
            Assert.That(numbers.Add(panel.GetProperty("id").GetInt32()), title);
            Assert.That(panel.GetProperty("type").GetString(), Is.AnyOf("row", "stat", "timeseries"), title);
            JsonElement place = panel.GetProperty("gridPos");
            (int x, int y) = (place.GetProperty("x").GetInt32(), place.GetProperty("y").GetInt32());
            (int width, int height) = (place.GetProperty("w").GetInt32(), place.GetProperty("h").GetInt32());
            Assert.That(x + width, Is.LessThanOrEqualTo(24), title);
            Assert.That(
                Enumerable.Range(x, width).SelectMany(_ => Enumerable.Range(y, height), (column, line) => (column, line)).All(cells.Add), title);
            if (panel.GetProperty("type").GetString() == "row")
                continue;
            Assert.That(panel.GetProperty("fieldConfig").GetProperty("defaults").GetProperty("unit").GetString(), Is.Not.Empty, title);
            Assert.That(panel.GetProperty("fieldConfig").GetProperty("overrides").ValueKind, Is.EqualTo(JsonValueKind.Array), title);
            Assert.That(panel.GetProperty("options").ValueKind, Is.EqualTo(JsonValueKind.Object), title);
            Assert.That(panel.GetProperty("targets").EnumerateArray().Select(Reference), Is.Unique.And.Not.Empty, title);
            foreach (JsonElement part in (JsonElement[])[panel, .. panel.GetProperty("targets").EnumerateArray()])
                Assert.That(part.GetProperty("datasource").GetProperty("uid").GetString(), Is.EqualTo("${datasource}"), title);
        }
    }

    [Test]
    public void Every_query_names_metrics_that_are_exported()
    {
        HashSet<string?> samples = [.. MetricSample.Parse(_text).Select(sample => sample.Name)];
        string[] queries = [.. Panels.SelectMany(Targets).Select(target => target.GetProperty("expr").GetString()!)];

        foreach (string query in queries)
        {
            string[] names = [.. Regex.Matches(query, "\\b(harmonia|process|dotnet)_[a-z_]+", RegexOptions.ExplicitCapture, RegexLimit).Select(match => match.Value)];
            Assert.That(names, Is.Not.Empty.And.All.Matches<string?>(samples.Contains), query);
            Assert.That(query.Count(character => character == '('), Is.EqualTo(query.Count(character => character == ')')), query);
        }

        Assert.That(queries, Has.Length.GreaterThan(20));
    }

    [Test]
    public void Every_label_that_a_query_uses_is_one_of_its_metric()
    {
        IReadOnlyList<MetricSample> samples = MetricSample.Parse(_text);

        foreach (JsonElement target in Panels.SelectMany(Targets))
        {
            string query = target.GetProperty("expr").GetString()!;
            string metric = Regex.Match(query, "\\bharmonia_[a-z_]+", RegexOptions.None, RegexLimit).Value;
            string labels = samples.First(sample => sample.Name == metric).Labels;
            foreach (string list in Regex.Matches(query, @"by \((?<labels>[^)]*)\)", RegexOptions.ExplicitCapture, RegexLimit)
                .Select(match => match.Groups["labels"].Value))
            {
                Assert.That(list.Split(", "), Has.All.Matches<string>(label => labels.Contains($"{label}=\"", StringComparison.Ordinal)), query);
            }
        }
    }

    [Test]
    public void The_list_of_metrics_in_the_docs_is_complete_and_lists_nothing_else() => Assert.That(
        Matches(Repository.TextOf("docs/metrics.md"), @"^\| `(?<name>[a-z_]+)` \| (?<type>counter|gauge|histogram) \|"),
        Is.EquivalentTo(Matches(_text, "^# TYPE (?<name>[a-z_]+) (?<type>[a-z]+)$")));

    private static IEnumerable<(string Name, string Type)> Matches(string text, string pattern) =>
        Regex.Matches(text, pattern, RegexOptions.Multiline | RegexOptions.ExplicitCapture, RegexLimit)
            .Select(match => (match.Groups["name"].Value, match.Groups["type"].Value));

    private static string Reference(JsonElement target) => target.GetProperty("refId").GetString()!;

    private static IEnumerable<JsonElement> Targets(JsonElement panel) =>
        panel.TryGetProperty("targets", out JsonElement targets) ? targets.EnumerateArray() : [];
}
