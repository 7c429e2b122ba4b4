using BenchmarkDotNet.Running;
using Harmonia.Benchmarks;

// dotnet run -c Release --project Harmonia.Tests/Benchmarks -- --filter '*' --job short --inProcess
return BenchmarkSwitcher.FromAssembly(typeof(MetricsBenchmarks).Assembly).Run(args).Any(summary => summary.HasCriticalValidationErrors) ? 1 : 0;
