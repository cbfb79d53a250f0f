namespace AffiliateSidecar.Storage;

static class StorageFeature
{
    public static IServiceCollection AddStorage(this IServiceCollection services)
    {
        services.AddSingleton<DataFolder>();
        services.AddSingleton<Database>();
        services.AddSingleton<Migrator>();
        services.AddSingleton<Installation>();
        services.AddHostedService<DatabaseStartup>();
        return services;
    }
}
