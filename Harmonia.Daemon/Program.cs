using Harmonia.Daemon.Commands;
using Harmonia.Daemon.Interop;

// As in Nix: all users can read new files, whatever umask the caller has. Nix: src/libmain/shared.cc, initNix.
_ = Libc.SetCreationMask(0b000_010_010);
return await CommandLine.RunAsync(args);
