using System.CommandLine;
using Harmonia.Cache.Hosting.Commands;

// StopSignals handles SIGTERM and lets requests end; the command line's own handler would cut them off.
return await ServeCommand.Create().Parse(args).InvokeAsync(new InvocationConfiguration { ProcessTerminationTimeout = null });
