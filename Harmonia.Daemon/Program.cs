using Harmonia.Daemon.Commands;
using Harmonia.Daemon.Interop;

// Nix does so too: what it makes is for everybody to read, whatever the caller's mask. Nix: src/libmain/shared.cc, initNix.
_ = Libc.SetCreationMask(0b000_010_010);
return await CommandLine.RunAsync(args);
