using System.Reflection;
using BenchmarkDotNet.Running;
using Harmonia.Benchmarks.Servers.Commands;

if (args is ["servers", .. string[] arguments])
    return await BenchmarkCommand.RunAsync(arguments);

BenchmarkSwitcher.FromAssembly(Assembly.GetExecutingAssembly()).Run(args);
return 0;
