using System.Reflection;
using BenchmarkDotNet.Running;
using Harmonia.Benchmarks.Servers;

if (args is ["daemon-load", .. string[] load])
    await DaemonLoad.RunAsync(load);
else
    BenchmarkSwitcher.FromAssembly(Assembly.GetExecutingAssembly()).Run(args);
