namespace Harmonia.Daemon.Gc;

/// <summary>What is kept in addition to what roots refer to: Nix's keep-outputs and keep-derivations.</summary>
/// <param name="Outputs">Whether derivations keep their outputs.</param>
/// <param name="Derivations">Whether outputs keep their derivations.</param>
internal readonly record struct KeepRules(bool Outputs, bool Derivations);
