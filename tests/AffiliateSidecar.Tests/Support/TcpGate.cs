using System.Net;
using System.Net.Sockets;

namespace AffiliateSidecar.Support;

/// <summary>Stands before a database server and can be shut: connections break and no new ones are accepted, as when a server is gone.</summary>
public sealed class TcpGate : IAsyncDisposable
{
    const long Never = long.MaxValue;

    readonly int target;
    readonly HashSet<TcpClient> connections = [];
    TcpListener listener;
    long left = Never;

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

    /// <summary>Break all connections once, after so many more bytes from the server: in the middle of an answer. New ones are let through.</summary>
    public void BreakAfter(long bytes)
    {
        (HasBroken, left) = (false, bytes);
    }

    public bool HasBroken { get; private set; }

    /// <param name="reset">The way a killed server's machine answers: not "the end" but "who are you?".</param>
    public void Shut(bool reset = false)
    {
        listener.Stop();
        Break(reset);
    }

    void Break(bool reset)
    {
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
            await Task.WhenAny(from.GetStream().CopyToAsync(to.GetStream()), AnswerAsync(to.GetStream(), from.GetStream()));
        }
        catch (Exception e) when (e is IOException or SocketException or ObjectDisposedException or InvalidOperationException)
        {
            // Broken on purpose.
        }
        from.Dispose();
    }

    async Task AnswerAsync(NetworkStream server, NetworkStream client)
    {
        var buffer = new byte[16_384];
        for (int read; (read = await server.ReadAsync(buffer)) > 0;)
        {
            if (Interlocked.Add(ref left, -read) <= 0)
            {
                (HasBroken, left) = (true, Never);
                Break(reset: false);
                return;
            }
            await client.WriteAsync(buffer.AsMemory(0, read));
        }
    }

    public ValueTask DisposeAsync()
    {
        Shut();
        return ValueTask.CompletedTask;
    }
}
