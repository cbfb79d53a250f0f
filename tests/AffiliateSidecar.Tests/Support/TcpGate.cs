using System.Net;
using System.Net.Sockets;

namespace AffiliateSidecar.Support;

/// <summary>Stands before a database server and can be shut: connections break and no new ones are accepted, as when a server is gone.</summary>
public sealed class TcpGate : IAsyncDisposable
{
    readonly int target;
    readonly HashSet<TcpClient> connections = [];
    TcpListener listener;

    public TcpGate(int target)
    {
        this.target = target;
        listener = new TcpListener(IPAddress.Loopback, 0);
        Open();
    }

    public int Port { get; private set; }

    public void Open()
    {
        listener = new TcpListener(IPAddress.Loopback, Port);
        listener.Server.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.ReuseAddress, true);
        listener.Start();
        Port = ((IPEndPoint)listener.LocalEndpoint).Port;
        _ = AcceptAsync(listener);
    }

    /// <param name="reset">The way a killed server's machine answers: not "the end" but "who are you?".</param>
    public void Shut(bool reset = false)
    {
        listener.Stop();
        lock (connections)
        {
            foreach (var connection in connections)
            {
                // One that has just ended by itself has no socket any more.
                if (reset && connection.Client is { } socket)
                    Reset(socket);
                connection.Dispose();
            }
            connections.Clear();
        }
    }

    static void Reset(Socket socket)
    {
        try
        {
            socket.LingerState = new LingerOption(true, 0);
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // It ended in between.
        }
    }

    async Task AcceptAsync(TcpListener open)
    {
        try
        {
            while (true)
                _ = PassAsync(await open.AcceptTcpClientAsync());
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException or InvalidOperationException)
        {
            // Shut.
        }
    }

    async Task PassAsync(TcpClient from)
    {
        using var to = new TcpClient();
        try
        {
            await to.ConnectAsync(IPAddress.Loopback, target);
            lock (connections)
                connections.UnionWith([from, to]);
            await Task.WhenAny(from.GetStream().CopyToAsync(to.GetStream()), to.GetStream().CopyToAsync(from.GetStream()));
        }
        catch (Exception e) when (e is IOException or SocketException or ObjectDisposedException or InvalidOperationException)
        {
            // Broken on purpose.
        }
        from.Dispose();
    }

    public ValueTask DisposeAsync()
    {
        Shut();
        return ValueTask.CompletedTask;
    }
}
